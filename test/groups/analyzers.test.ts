import { group } from './group.js';

group('analyzers');
