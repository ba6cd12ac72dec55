import { group } from './group.js';

group('sandbox');
