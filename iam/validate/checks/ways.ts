/**
 * Ways from some permissions to all of an account, as they are publicly known (first listed by Rhino Security Labs in
 * 2018, https://rhinosecuritylabs.com/aws/aws-privilege-escalation-methods-mitigation/; the actions are those of the AWS
 * Service Authorization Reference).
 */

/** One way: whoever has all of its actions on resources of their choice can gain other permissions. */
export interface Way {
  readonly name: string;
  /** In lower case, with prefix. */
  readonly actions: readonly string[];
  /** With `iam:PassRole`: the service that takes the role. */
  readonly service?: string;
}

/**
 * No role needs to be passed: the actions change policies, credentials or trust, or make something act that has a role
 * already.
 */
export const DIRECT_WAYS: readonly Way[] = [
  'iam:CreatePolicyVersion',
  'iam:SetDefaultPolicyVersion',
  'iam:AttachUserPolicy',
  'iam:AttachGroupPolicy',
  'iam:AttachRolePolicy',
  'iam:PutUserPolicy',
  'iam:PutGroupPolicy',
  'iam:PutRolePolicy',
  'iam:AddUserToGroup',
  'iam:CreateAccessKey',
  'iam:CreateLoginProfile',
  'iam:UpdateLoginProfile',
  'iam:UpdateAssumeRolePolicy',
  'iam:DeleteUserPermissionsBoundary',
  'iam:DeleteRolePermissionsBoundary',
  'iam:PutUserPermissionsBoundary',
  'iam:PutRolePermissionsBoundary',
  'lambda:UpdateFunctionCode',
  'lambda:UpdateFunctionConfiguration',
  'glue:UpdateDevEndpoint',
  'ssm:SendCommand',
  'ssm:StartSession',
  'ec2-instance-connect:SendSSHPublicKey',
  'cloudformation:UpdateStack',
  ['cloudformation:CreateChangeSet', 'cloudformation:ExecuteChangeSet'],
  'apprunner:UpdateService',
  ['bedrock-agentcore:StartCodeInterpreterSession', 'bedrock-agentcore:InvokeCodeInterpreter'],
  'codebuild:StartBuild',
  'codebuild:StartBuildBatch',
  ['ec2:ModifyInstanceAttribute', 'ec2:StopInstances', 'ec2:StartInstances'],
  ['ec2:CreateLaunchTemplateVersion', 'ec2:ModifyLaunchTemplate'],
  'ecs:ExecuteCommand',
  'sagemaker:CreatePresignedNotebookInstanceUrl',
  [
    'sagemaker:CreateNotebookInstanceLifecycleConfig',
    'sagemaker:StopNotebookInstance',
    'sagemaker:UpdateNotebookInstance',
    'sagemaker:StartNotebookInstance',
  ],
].map((actions) => {
  const names = [actions].flat();
  return { name: names.join(' + '), actions: names.map((name) => name.toLowerCase()) };
});

/** A role is handed to a service that then does what the caller says. */
export const PASS_ROLE_WAYS: readonly Way[] = (
  [
    [['lambda:CreateFunction', 'lambda:InvokeFunction'], 'lambda.amazonaws.com'],
    [['lambda:CreateFunction', 'lambda:CreateEventSourceMapping'], 'lambda.amazonaws.com'],
    [['lambda:CreateFunction', 'lambda:AddPermission'], 'lambda.amazonaws.com'],
    [['lambda:CreateFunction', 'lambda:CreateFunctionUrlConfig'], 'lambda.amazonaws.com'],
    [['ec2:RunInstances'], 'ec2.amazonaws.com'],
    [['ec2:RequestSpotInstances'], 'ec2.amazonaws.com'],
    [['autoscaling:CreateLaunchConfiguration', 'autoscaling:CreateAutoScalingGroup'], 'ec2.amazonaws.com'],
    [['autoscaling:CreateLaunchConfiguration', 'autoscaling:UpdateAutoScalingGroup'], 'ec2.amazonaws.com'],
    [['glue:CreateDevEndpoint'], 'glue.amazonaws.com'],
    [['glue:CreateJob', 'glue:StartJobRun'], 'glue.amazonaws.com'],
    [['glue:UpdateJob', 'glue:StartJobRun'], 'glue.amazonaws.com'],
    [['glue:CreateJob', 'glue:CreateTrigger'], 'glue.amazonaws.com'],
    [['glue:UpdateJob', 'glue:CreateTrigger'], 'glue.amazonaws.com'],
    [['glue:CreateSession', 'glue:RunStatement'], 'glue.amazonaws.com'],
    [['cloudformation:CreateStack'], 'cloudformation.amazonaws.com'],
    [['cloudformation:CreateStackSet', 'cloudformation:CreateStackInstances'], 'cloudformation.amazonaws.com'],
    [['cloudformation:UpdateStackSet'], 'cloudformation.amazonaws.com'],
    [['cloudformation:CreateChangeSet', 'cloudformation:ExecuteChangeSet'], 'cloudformation.amazonaws.com'],
    [
      ['datapipeline:CreatePipeline', 'datapipeline:PutPipelineDefinition', 'datapipeline:ActivatePipeline'],
      'datapipeline.amazonaws.com',
    ],
    [['sagemaker:CreateNotebookInstance', 'sagemaker:CreatePresignedNotebookInstanceUrl'], 'sagemaker.amazonaws.com'],
    [
      ['sagemaker:CreateNotebookInstance', 'sagemaker:CreateNotebookInstanceLifecycleConfig'],
      'sagemaker.amazonaws.com',
    ],
    [['sagemaker:CreateTrainingJob'], 'sagemaker.amazonaws.com'],
    [['sagemaker:CreateProcessingJob'], 'sagemaker.amazonaws.com'],
    [['codebuild:CreateProject', 'codebuild:StartBuild'], 'codebuild.amazonaws.com'],
    [['codebuild:CreateProject', 'codebuild:StartBuildBatch'], 'codebuild.amazonaws.com'],
    [['codebuild:UpdateProject', 'codebuild:StartBuild'], 'codebuild.amazonaws.com'],
    [['codestar:CreateProject'], 'codestar.amazonaws.com'],
    // A call that starts a task can give it another role and another command than its definition has.
    [['ecs:RunTask'], 'ecs-tasks.amazonaws.com'],
    [['ecs:StartTask'], 'ecs-tasks.amazonaws.com'],
    [['ecs:RegisterTaskDefinition', 'ecs:CreateService'], 'ecs-tasks.amazonaws.com'],
    [['states:CreateStateMachine', 'states:StartExecution'], 'states.amazonaws.com'],
    [['ssm:StartAutomationExecution', 'ssm:CreateDocument'], 'ssm.amazonaws.com'],
    [['apprunner:CreateService'], 'tasks.apprunner.amazonaws.com'],
    [['batch:RegisterJobDefinition', 'batch:SubmitJob'], 'ecs-tasks.amazonaws.com'],
    [
      [
        'bedrock-agentcore:CreateCodeInterpreter',
        'bedrock-agentcore:StartCodeInterpreterSession',
        'bedrock-agentcore:InvokeCodeInterpreter',
      ],
      'bedrock-agentcore.amazonaws.com',
    ],
    [['braket:CreateJob'], 'braket.amazonaws.com'],
    [['emr-serverless:CreateApplication', 'emr-serverless:StartJobRun'], 'emr-serverless.amazonaws.com'],
    [['kinesisanalytics:CreateApplication', 'kinesisanalytics:StartApplication'], 'kinesisanalytics.amazonaws.com'],
    [['omics:CreateWorkflow', 'omics:StartRun'], 'omics.amazonaws.com'],
    [['elasticmapreduce:RunJobFlow'], 'ec2.amazonaws.com'],
    [['scheduler:CreateSchedule'], 'scheduler.amazonaws.com'],
  ] as const
).map(([actions, service]) => ({
  name: ['iam:PassRole', ...actions].join(' + '),
  actions: actions.map((action) => action.toLowerCase()),
  service,
}));
