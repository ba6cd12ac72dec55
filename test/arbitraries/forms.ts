/** Forms of rules that published rule sets use and that no rule of this project has, each with inputs to start from. */
export const PUBLISHED_FORMS: readonly { readonly rules: string; readonly inputs: readonly string[] }[] = [
  {
    // Blocks in filters, alternatives of blocks, the number of violations.
    rules: `let entries = Resources.*[ Type == 'AWS::EC2::NetworkAclEntry'
  Metadata.suppressed.rules not exists or
  Metadata.suppressed.rules.*.id != "W71"
  Metadata.guard.SuppressedRules not exists or
  Metadata.guard.SuppressedRules.* != "ENTRY"
]
rule ENTRY when %entries !empty {
  let violations = %entries[
    Type == 'AWS::EC2::NetworkAclEntry'
    Properties.RuleAction == 'deny'
    Properties {
      CidrBlock exists
      CidrBlock != '0.0.0.0/0'
    }
    OR
    Properties {
      Ipv6CidrBlock exists
      Ipv6CidrBlock != '::/0'
      AtRest {
        Local !exists
        OR
        Local.Kind !exists
        S3 !exists
        OR
        S3.Mode !exists
      }
    }
  ]

  %violations empty
  <<
    Violation: does not cover all ranges.
    Fix: cover all ranges.
  >>
}
`,
    inputs: [
      `Resources: {A: {Type: 'AWS::EC2::NetworkAclEntry', Metadata: {suppressed: {rules: [{id: W70}, {id: W71}]}}, Properties: {RuleAction: deny, CidrBlock: 10.0.0.0/8}}, B: {Type: 'AWS::EC2::NetworkAclEntry', Properties: {RuleAction: deny, Ipv6CidrBlock: 'fe80::/10', AtRest: {Local: {Kind: AwsKms}, S3: {Mode: SSE}}}}}`,
      `Resources: {A: {Type: 'AWS::EC2::NetworkAclEntry', Metadata: {guard: {SuppressedRules: [OTHER]}}, Properties: {RuleAction: deny, CidrBlock: 0.0.0.0/0}}, B: {Type: 'AWS::EC2::Subnet', Properties: {Cidr: 10.0.0.0/8}}}`,
    ],
  },
  {
    // A map as literal, some, names that a selection captures, a message behind an empty line.
    rules: `let policies = Resources[ ids | Type == 'AWS::S3::BucketPolicy' ]
let sgs = Resources[ sg | Type == 'AWS::EC2::SecurityGroup' ]
let users = Resources[
  Properties {
    SecurityGroupIds exists or
    SecurityGroups   exists
  }
]
rule TLS when %policies !empty {
  some %policies.Properties.PolicyDocument.Statement.* == {"Action":"s3:*","Effect":"Deny","Principal":"*","Condition":{"Bool":{"aws:SecureTransport":false}}}
  <<
    Violation: no statement denies plain HTTP ('"Action":"s3:*"').
  >>
  %ids != /^Bad/
}
rule PORTS when %sgs !empty {
  %sgs.Properties.SecurityGroupIngress[*]{
    FromPort in [20, 21, 3389]
    ToPort in r[20, 3389]
    IpProtocol exists
    IpProtocol == 'tcp'

    <<
      Violation: restricted ports.
    >>
  }
}
rule USED when %users not empty { %users.Properties.SecurityGroupIds[*] { Ref in %sg or 'Fn::GetAtt'[0] in %sg } }
`,
    inputs: [
      `Resources: {P: {Type: 'AWS::S3::BucketPolicy', Properties: {PolicyDocument: {Statement: [{Action: 's3:*', Effect: Deny, Principal: '*', Condition: {Bool: {'aws:SecureTransport': false}}}]}}}, G: {Type: 'AWS::EC2::SecurityGroup', Properties: {SecurityGroupIngress: [{FromPort: 20, ToPort: 21, IpProtocol: tcp}, {FromPort: 3389, ToPort: 3390, IpProtocol: tcp}]}}, I: {Type: 'AWS::EC2::Instance', Properties: {SecurityGroupIds: [{Ref: G}, {'Fn::GetAtt': [G, GroupId]}]}}}`,
      `Resources: {BadP: {Type: 'AWS::S3::BucketPolicy', Properties: {PolicyDocument: {Statement: [{Action: 's3:*', Effect: Allow, Principal: '*'}]}}}}`,
    ],
  },
  {
    // Parameterised rules with queries, keys of conditions, regular expressions in a list.
    rules: `let allowed = [
    /111122223333/,
    /444455556666/
]
rule check_direct(principals) {
     %principals in %allowed
}
rule check_aws(principals) {
    %principals.AWS in %allowed
}
rule check_service(statement) {
    when %statement.Principal.Service exists {
        %statement.Condition[ keys == /String(Equals|Like)|Arn(Equals|Like)/ ] not empty {
            let sources = this[ keys == /(aws|AWS):[sS]ource(Account|Owner|Arn|ARN)/ ]
            %sources in %allowed
        }
    }
}
rule check_accounts(statement) {
    %statement
    {
        when Effect == 'Allow'
        {
            check_direct(Principal) or
            check_aws(Principal) or
            check_service(this)
        }
    }
}
rule topics {
    Resources[ Type == 'AWS::SNS::TopicPolicy' ] {
        check_accounts(Properties.PolicyDocument.Statement[*])
    }
}
`,
    inputs: [
      `Resources: {T: {Type: 'AWS::SNS::TopicPolicy', Properties: {PolicyDocument: {Statement: [{Effect: Allow, Principal: '111122223333'}, {Effect: Allow, Principal: {AWS: ['arn:aws:iam::444455556666:root']}}, {Effect: Allow, Principal: {Service: s3.amazonaws.com}, Condition: {StringEquals: {'aws:SourceAccount': '111122223333'}}}]}}}}`,
      `Resources: {T: {Type: 'AWS::SNS::TopicPolicy', Properties: {PolicyDocument: {Statement: {Effect: Deny, Principal: '*'}}}}}`,
    ],
  },
  {
    // Names made of values, clauses in capitals, conditions inside of blocks.
    rules: `# For each property
let properties =  ResourceType.*.Properties
rule docs when %properties !empty {
    %properties.* {
        PrimitiveType EXISTS OR
        Type EXISTS
    }
	ResourceType.*.Properties.* {
		when PrimitiveType EXISTS {
			Type NOT EXISTS
		}

		when Type EXISTS {
			PrimitiveType NOT EXISTS
		}
	}
}
let typed = ResourceType.*.Properties.*[ Type EXISTS ]
let plain = %typed[Type NOT IN ['List', 'Map']]
rule defined when %plain !empty{
	let name = %plain.Type
	PropertyTypes.%name EXISTS
	PropertyTypes.%name {
		Documentation == /(?i)^https?:\\/\\// <<no link>>
	}
}
rule lists {
	ResourceType.*.Properties.*[ Type IN ['List', 'Map'] ] { ItemType EXISTS OR PrimitiveItemType EXISTS }
}
`,
    inputs: [
      `{ResourceType: {'AWS::A::B': {Properties: {P: {Type: Inner}, Q: {PrimitiveType: String}, L: {Type: List, ItemType: Inner}}}}, PropertyTypes: {Inner: {Documentation: 'http://a/b'}}}`,
      `{ResourceType: {'AWS::A::B': {Properties: {P: {Type: Other, PrimitiveType: String}, L: {Type: Map}}}}, PropertyTypes: {Inner: {Documentation: 'HTTPS://a/b'}}}`,
    ],
  },
  {
    // Functions, alone, in each other, as arguments of rules, in let and on the right side.
    rules: `rule is_five(expected) { %expected == 5 }
rule same(replaced, expected) { %replaced == %expected }
let buckets = Resources.*[ Type == 'AWS::S3::Bucket' ]
rule counted when %buckets !empty { is_five(count(%buckets)) or is_five(count(Resources.*)) }
let service = Resources.*[ Type == 'AWS::New::Service' ]
rule functions when %service exists {
    let arn = %service.Properties.Arn
    same(regex_replace(%arn, "^arn:(\\w+):(\\w+):([\\w0-9-]+):(\\d+):(.+)$", "\${1}/\${4}/\${3}/\${2}-\${5}"), "aws/123456789012/us-west-2/newservice-Table/extracted")
    let doc = json_parse(%service.Properties.Policy)
    %doc.Principal != '*'
    %doc.Statement[*] { Effect == /^(Allow|Deny)$/ }
    let names = %service.Properties.Names
    join(%names, ",") == 'a,b,c'
    let upper = to_upper(%names)
    %upper in ['A', 'B', 'C']
    let number = parse_int(%service.Properties.Number)
    %number in r(0, 10]
    let rate = parse_float(%service.Properties.Rate)
    %rate > 1.0
    %rate < 10
    let flag = parse_boolean(%service.Properties.Flag)
    %flag == true
    let text = parse_string(%service.Properties.Number)
    %text == /^\\d+$/
    url_decode(%service.Properties.Url) == 'a b'
    substring(%arn, 0, 3) == 'arn'
    let when_made = parse_epoch(%service.Properties.Made)
    %when_made < now()
    %when_made >= parse_epoch('2020-01-01T00:00:00Z')
    let letter = parse_char(%service.Properties.Letter)
    %letter == 'x'
}
`,
    inputs: [
      `Resources: {S: {Type: 'AWS::New::Service', Properties: {Arn: 'arn:aws:newservice:us-west-2:123456789012:Table/extracted', Policy: '{"Principal": "*", "Statement": [{"Effect": "Deny"}]}', Names: [a, b, c], Number: '5', Rate: '1.5', Flag: 'true', Url: a%20b, Made: '2024-08-12T15:30:00Z', Letter: x}}}`,
      `Resources: {S: {Type: 'AWS::New::Service', Properties: {Arn: 'arn:aws:newservice:us-west-2:123456789012:Table/extracted', Policy: '{Principal: me}', Names: [a], Number: 7, Rate: 2, Flag: 'FALSE', Url: 'a+b', Made: 2024-08-12T15:30:00+02:00, Letter: 'xy'}}, B: {Type: 'AWS::S3::Bucket'}}`,
      `Resources: {B: {Type: 'AWS::S3::Bucket'}, C: {Type: 'AWS::S3::Bucket'}, D: {Type: 'AWS::S3::Bucket'}, E: {Type: 'AWS::S3::Bucket'}, F: {Type: 'AWS::S3::Bucket'}}`,
    ],
  },
  {
    // Look-around and back-references, unusual literals, lists of lists, type blocks, rule names as conditions, default rule.
    rules: `Resources exists
let odd = [ 'it\\'s', "say \\"x\\"", /^a\\/b$/, r[1, 5), r(0.5, 1.5], null, NULL, True, -1, 1.5e3, [1, [2]], { 'a': [1], b: { "c": /x/ } } ]
AWS::S3::Bucket {
  Properties.BucketName == /^(?!.*--)[a-z0-9](?:[a-z0-9-]*[a-z0-9])?$/ <<bad name>>
  Properties.Tags[ Key == /(?<=cost-)center/ ] !empty or Properties.Tags[*].Value != /(.)\\1\\1/
}
AWS::S3::Bucket when Properties.Versioning exists { Properties.Versioning { Status == 'Enabled' } }
rule named when Resources.*.Type in ['AWS::S3::Bucket', 'AWS::SNS::Topic'] default_like { Resources.* { Properties.Size in %odd or Properties.Size !exists } }
rule default_like { Resources.*[ Type == 'AWS::S3::Bucket' ].Properties.Tags[0].Key exists }
rule default_like when named { Resources !empty }
rule refers when !default_like { named or not default_like <<because>> }
rule keyed { Resources[ keys == /^[A-Z]/ ] !empty Resources[ keys in ['B', /^C/] ].Properties exists or Resources.B.Properties.Tags.*[ Key != /x/ ].Value == 1 }
`,
    inputs: [
      `Resources: {B: {Type: 'AWS::S3::Bucket', Properties: {BucketName: a-b, Size: 1, Versioning: {Status: Enabled}, Tags: [{Key: cost-center, Value: '111'}, {Key: x, Value: 1}]}}, C: {Type: 'AWS::SNS::Topic', Properties: {Size: 1.0}}}`,
      `Resources: {b: {Type: 'AWS::S3::Bucket', Properties: {BucketName: a--b, Size: "it's", Tags: []}}, D: {Type: 'AWS::S3::Bucket', Properties: {BucketName: 5, Size: [1, [2]], Tags: [{Key: center, Value: aaa}]}}}`,
    ],
  },
];
