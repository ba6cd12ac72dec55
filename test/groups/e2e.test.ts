import { group } from './group.js';

group('e2e');
