import { group } from './group.js';

group('hooks');
