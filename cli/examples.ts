/** Examples at the end of `--help`, by the words of a command. */
export const EXAMPLES: Readonly<Record<string, readonly string[]>> = {
  check: [
    'stackade check templates/',
    'stackade check app.yaml --pack foundation network --parameters Stage=prod',
    'stackade check templates/ --format sarif --output-file check.sarif',
  ],
  diff: ['stackade diff old.yaml new.yaml', 'stackade diff --git main..HEAD templates/'],
  explain: ['stackade explain TPL3001', 'stackade explain s3-bucket-default-encryption'],
  'iam validate': ['stackade iam validate policy.json', 'stackade iam validate scp.json --type scp'],
  'iam replay': ['stackade iam replay --trail trail/ --config org.yaml'],
  'scp build': ['stackade scp build --config org.yaml --out policies'],
  'scp verify': ['stackade scp verify approved-regions', 'stackade scp verify --config org.yaml'],
  'scp plan': ['stackade scp plan --config org.yaml', 'stackade scp plan --config org.yaml --wave /Sandbox'],
  'scp apply': [
    'stackade scp apply --config org.yaml --wave /Sandbox --check ./smoke-test.sh',
    'stackade scp apply --resume',
    'stackade scp apply --undo',
  ],
  'deploy plan': ['stackade deploy plan --config org.yaml'],
  'deploy apply': [
    'stackade deploy apply --config org.yaml --rollout hooks',
    'stackade deploy apply --config org.yaml --rollout hooks --promote canary-warn',
  ],
  'deploy status': ['stackade deploy status --config org.yaml --hooks'],
  'hook invoke': ['stackade hook invoke --template app.yaml --target resource'],
  'hook package': ['stackade hook package --org org.yaml --canary-ou /Sandbox --ou /Workloads --out hooks'],
  'scan template': ['stackade scan template templates/ --config org.yaml'],
  'scan org': [
    'stackade scan org --config org.yaml',
    'stackade scan org --config org.yaml --ou /Workloads --format html --output-file scan.html',
  ],
  'org compare': ['stackade org compare org.yaml'],
  'new rule': ['stackade new rule sqs-queue-visibility-timeout'],
  revoke: [
    'stackade revoke --user john.doe --config org.yaml --trail trail/ --plan',
    'stackade revoke --role arn:aws:iam::444455556666:role/deploy --config org.yaml --plan --aws',
    'stackade revoke --clean-up --config org.yaml --apply',
  ],
  'sandbox start': ['stackade sandbox start --seed org.yaml > sandbox.env & . ./sandbox.env'],
};
