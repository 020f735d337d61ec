import dev.onbehalf.jenkins.JiraReport

/** Asks Jira whether the deployment may go on; true, false (not decided yet), or the build stops. */
boolean call(Map parameters = [:]) {
    return new JiraReport(this).gate(parameters)
}
