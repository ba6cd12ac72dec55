import { group } from './group.js';

group('boundaries', 'catalogue', 'differential', 'findings', 'organization', 'stacksets');
