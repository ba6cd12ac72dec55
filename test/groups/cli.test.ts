import { group } from './group.js';

group('cli');
