import { group } from './group.js';

group('guard');
