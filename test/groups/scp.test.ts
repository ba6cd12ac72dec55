import { group } from './group.js';

group('scp');
