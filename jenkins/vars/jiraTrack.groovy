import dev.onbehalf.jenkins.JiraReport

/** Reports in_progress, runs the body, reports how it ended; with environmentId a deployment, otherwise the build. */
Object call(Map parameters = [:], Closure body) {
    return new JiraReport(this).track(parameters, body)
}
