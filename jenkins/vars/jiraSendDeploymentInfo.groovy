import dev.onbehalf.jenkins.JiraReport

/** Reports a deployment to Jira and returns what Jira said: see docs/guide-delivery-jenkins.md. */
Map call(Map parameters = [:]) {
    return new JiraReport(this).deployment(parameters)
}
