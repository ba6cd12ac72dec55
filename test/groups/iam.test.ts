import { group } from './group.js';

group('iam');
