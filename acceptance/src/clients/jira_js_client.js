// Sends a build and a deployment with npm jira.js, reads them back and deletes them. One JSON object comes in, the
// answers go out as one.
'use strict';

const { AgileClient } = require('jira.js');

async function main() {
  let text = '';
  for await (const chunk of process.stdin) text += chunk;
  const input = JSON.parse(text);

  const answer = await fetch(`${input.url}/oauth/token`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({
      audience: 'api.atlassian.com',
      grant_type: 'client_credentials',
      client_id: input.clientId,
      client_secret: input.clientSecret,
    }),
  });
  const { access_token: accessToken } = await answer.json();
  const client = new AgileClient({ host: input.url, authentication: { oauth2: { accessToken } } });

  const build = { pipelineId: 'app', buildNumber: 9 };
  const deployment = { pipelineId: 'app', environmentId: 'eu-prod', deploymentSequenceNumber: 9 };
  const out = {};
  if (input.task === 'delete') {
    await client.builds.deleteBuildByKey(build);
    await client.deployments.deleteDeploymentByKey(deployment);
    out.gone = [];
    for (const read of [
      () => client.builds.getBuildByKey(build),
      () => client.deployments.getDeploymentByKey(deployment),
    ]) {
      try {
        await read();
      } catch (error) {
        out.gone.push(error.status ?? error.response?.status ?? error.cause?.response?.status);
      }
    }
  } else {
    out.builds = await client.builds.submitBuilds({
      properties: { source: 'jira.js' },
      providerMetadata: { product: 'jira.js' },
      builds: [
        {
          schemaVersion: '1.0',
          ...build,
          updateSequenceNumber: 1,
          displayName: 'app #9',
          url: 'https://ci.example.com/app/9',
          state: 'failed',
          lastUpdated: '2026-01-05T10:11:12.345Z',
          issueKeys: ['ABC-12', 'NOPE-1'],
          testInfo: { totalNumber: 310, numberPassed: 305, numberFailed: 2, numberSkipped: 3 },
        },
      ],
    });
    out.deployments = await client.deployments.submitDeployments({
      deployments: [
        {
          schemaVersion: '1.0',
          deploymentSequenceNumber: 9,
          updateSequenceNumber: 1,
          displayName: 'app 4.2 to EU production',
          url: 'https://ci.example.com/app/9',
          description: 'Release 4.2',
          lastUpdated: '2026-01-05T10:20:00Z',
          state: 'successful',
          pipeline: { id: 'app', displayName: 'app', url: 'https://ci.example.com/app' },
          environment: { id: 'eu-prod', displayName: 'EU production', type: 'production' },
          associations: [{ associationType: 'issueIdOrKeys', values: ['ABC-12'] }],
        },
      ],
    });
    out.build = await client.builds.getBuildByKey(build);
    out.deployment = await client.deployments.getDeploymentByKey(deployment);
  }
  process.stdout.write(JSON.stringify(out));
}

main().catch((error) => {
  process.stderr.write(String(error.stack ?? error));
  process.exit(1);
});
