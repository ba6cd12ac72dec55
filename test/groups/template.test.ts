import { group } from './group.js';

group('template');
