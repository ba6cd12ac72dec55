import { group } from './group.js';

group('rules');
