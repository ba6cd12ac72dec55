import { group } from './group.js';

group('architecture', 'docs', 'integrations', 'regress');
