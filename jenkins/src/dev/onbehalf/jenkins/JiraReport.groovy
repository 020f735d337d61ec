package dev.onbehalf.jenkins

import com.cloudbees.groovy.cps.NonCPS

/**
 * What the steps jiraSendBuildInfo, jiraSendDeploymentInfo, checkGatingStatus and jiraTrack share: parameters, the
 * configured sites, states, and the result map. Reporting never fails a build unless `strict` says so; the gate fails closed.
 */
class JiraReport implements Serializable {
    private static final long serialVersionUID = 1L

    static final List COMMON = ['site', 'credentialsId', 'branch', 'issueKeys', 'state', 'description', 'label', 'since', 'pipelineId', 'strict']
    static final List BUILD = COMMON + ['junit']
    static final List DEPLOYMENT = COMMON + ['environmentId', 'environmentName', 'environmentType', 'serviceIds', 'enableGating']
    static final List GATE = ['site', 'credentialsId', 'environmentId', 'pipelineId', 'waitMinutes', 'pollSeconds']

    static final List BUILD_STATES = ['pending', 'in_progress', 'successful', 'failed', 'cancelled', 'unknown']
    static final List DEPLOYMENT_STATES = BUILD_STATES + ['rolled_back']
    static final List ENVIRONMENT_TYPES = ['unmapped', 'development', 'testing', 'staging', 'production']

    final def script
    final OnbehalfCommand command

    JiraReport(script) {
        this.script = script
        this.command = new OnbehalfCommand(script)
    }

    Map build(Map parameters) {
        return guarded(parameters) {
            require(parameters, BUILD, [])
            String state = toState(parameters.state ?: script.currentBuild.currentResult, BUILD_STATES, 'failed')
            return send('send-build', state, parameters, [junit: words(parameters.junit)])
        }
    }

    Map deployment(Map parameters) {
        return guarded(parameters) {
            require(parameters, DEPLOYMENT, ['environmentId', 'environmentName'])
            String type = parameters.environmentType ?: 'unmapped'
            if (!(type in ENVIRONMENT_TYPES)) {
                throw new ConfigurationProblem("environmentType '${type}' is not one of ${ENVIRONMENT_TYPES.join(', ')}.")
            }
            String state = toState(parameters.state ?: script.currentBuild.currentResult, DEPLOYMENT_STATES, 'unknown')
            return send('send-deployment', state, parameters, [
                'environment-id': parameters.environmentId, 'environment-name': parameters.environmentName,
                'environment-type': type, 'service-id': words(parameters.serviceIds),
                'enable-gating': parameters.enableGating == true])
        }
    }

    /** True when Jira allows the deployment, false while it has not decided; everything else ends the build with the reason. */
    boolean gate(Map parameters) {
        String refusal = null
        Map answer = [:]
        try {
            require(parameters, GATE, ['environmentId'])
            List sites = sitesFor(parameters)
            if (sites.size() != 1) {
                throw new ConfigurationProblem("${sites.size()} sites are configured; name the one that decides with the site parameter.")
            }
            int poll = Math.max(1, (parameters.pollSeconds ?: 30) as int)
            int seconds = ((parameters.waitMinutes ?: 0) as int) * 60
            answer = ask(parameters, sites[0])
            for (int waited = 0; waited < patience(answer, seconds); waited += poll) {
                script.sleep(time: poll, unit: 'SECONDS')
                answer = ask(parameters, sites[0])
            }
            if (answer.exitCode == OnbehalfCommand.OK) {
                return true
            }
            if (answer.exitCode == OnbehalfCommand.AWAITING && seconds == 0) {
                return false
            }
        } catch (Exception e) {
            if (interrupted(e)) {
                throw e
            }
            refusal = e.message
        }
        String target = "The deployment to ${parameters.environmentId}"
        if (refusal == null && answer.exitCode == OnbehalfCommand.PREVENTED) {
            script.currentBuild.result = 'ABORTED'
            script.error("${target} ${verdict(answer.report)}")
        } else if (refusal == null && answer.exitCode == OnbehalfCommand.AWAITING) {
            script.currentBuild.result = 'ABORTED'
            script.error("${target} was not decided in Jira within ${parameters.waitMinutes} minutes; decide there and run the build again.")
        } else {
            script.error("${target} is stopped because its gate could not be read: ${refusal ?: reason(answer)}")
        }
        return false
    }

    /** A deployment is unknown to Jira for a moment after it was reported, so that state is worth a minute of asking. */
    @NonCPS
    static int patience(Map answer, int seconds) {
        if (answer.exitCode == OnbehalfCommand.NOT_FOUND) {
            return Math.max(seconds, 60)
        }
        return answer.exitCode == OnbehalfCommand.AWAITING ? seconds : 0
    }

    /** Runs the body between an in_progress report and a report of how it ended. The body's own exception always wins. */
    Object track(Map parameters, Closure body) {
        boolean deploys = parameters.environmentId != null
        Map first = parameters + [state: 'in_progress']
        first.remove('junit')
        report(deploys, first)
        Map last = new LinkedHashMap(parameters)
        last.remove('enableGating')
        String before = script.currentBuild.currentResult
        Object value = null
        try {
            value = body.call()
        } catch (Throwable e) {
            try {
                report(deploys, last + [strict: false, state: failure(e)])
            } catch (Exception unsent) {
                script.echo("The outcome could not be reported to Jira: ${unsent.message}")
            }
            throw e
        }
        String after = script.currentBuild.currentResult
        report(deploys, last + [state: deploys && after == before ? 'successful' : after])
        return value
    }

    Map report(boolean deploys, Map parameters) {
        return deploys ? deployment(parameters) : build(parameters)
    }

    String failure(Throwable e) {
        if (interrupted(e)) {
            return e.result ? e.result.toString() : 'ABORTED'
        }
        String result = script.currentBuild.currentResult
        return result == 'ABORTED' || result == 'NOT_BUILT' ? result : 'FAILURE'
    }

    Map guarded(Map parameters, Closure work) {
        Map result
        try {
            result = work.call()
        } catch (Exception e) {
            if (interrupted(e)) {
                throw e
            }
            result = emptyResult(null)
            result.ok = false
            result.problem = e.message ?: e.getClass().name
            script.echo("Nothing was reported to Jira: ${result.problem}")
        }
        if (strict(parameters) && !result.ok) {
            script.error("Reporting to Jira failed and strict is set: ${result.problem}")
        }
        return result
    }

    boolean strict(Map parameters) {
        return parameters.strict == null ? script.env.ONBEHALF_STRICT == 'true' : parameters.strict
    }

    Map send(String subcommand, String state, Map parameters, Map special) {
        List sites = sitesFor(parameters)
        if (special['enable-gating'] && sites.size() > 1) {
            throw new ConfigurationProblem("enableGating needs one site, but ${sites.size()} are configured; name the one that decides with the site parameter.")
        }
        Map options = [state: state, branch: parameters.branch, 'issue-key': words(parameters.issueKeys),
            description: parameters.description, label: parameters.label,
            since: parameters.since, 'pipeline-id': parameters.pipelineId, strict: strict(parameters)] + special
        Map result = emptyResult(state)
        for (int i = 0; i < sites.size(); i++) {
            Map site = sites[i]
            Map answer = onAgent {
                command.run(['jira', subcommand], options + [json: true], site)
            }
            add(result, site.host, answer)
            script.echo(result.sites[site.host].message)
        }
        return result
    }

    Map ask(Map parameters, Map site) {
        return onAgent {
            command.run(['jira', 'check-gate'], ['environment-id': parameters.environmentId, 'pipeline-id': parameters.pipelineId, json: true], site)
        }
    }

    /** A step in `post` of a pipeline with `agent none`, or around `node`, has no agent of its own. */
    Map onAgent(Closure work) {
        if (script.env.WORKSPACE) {
            return work.call()
        }
        return script.node(script.env.ONBEHALF_NODE ?: '') {
            work.call()
        }
    }

    /** ONBEHALF_SITES: entries separated by white space, each host=credentialsId or host=credentialsId,webhookUrl. */
    List sitesFor(Map parameters) {
        List configured = parseSites(script.env.ONBEHALF_SITES)
        List chosen = configured
        if (parameters.site) {
            chosen = named(configured, parameters.site)
            if (!chosen && parameters.credentialsId) {
                chosen = [[host: parameters.site, credentialsId: parameters.credentialsId]]
            }
            if (!chosen) {
                throw new ConfigurationProblem("site '${parameters.site}' is not in ONBEHALF_SITES (configured: ${hosts(configured) ?: 'none'}).")
            }
        }
        if (!chosen) {
            throw new ConfigurationProblem("no site is configured; set the global variable ONBEHALF_SITES to host=credentialsId.")
        }
        if (parameters.credentialsId) {
            if (chosen.size() > 1) {
                throw new ConfigurationProblem("credentialsId needs the site parameter, because ${chosen.size()} sites are configured.")
            }
            chosen = [chosen[0] + [credentialsId: parameters.credentialsId]]
        }
        return chosen
    }

    @NonCPS
    static List parseSites(String text) {
        List sites = []
        for (String entry : (text ?: '').trim().split('\\s+')) {
            if (entry) {
                int equals = entry.indexOf('=')
                if (equals < 1 || equals == entry.length() - 1) {
                    throw new ConfigurationProblem("ONBEHALF_SITES holds '${entry}', which is not host=credentialsId.")
                }
                String[] rest = entry.substring(equals + 1).split(',', 2)
                sites.add([host: entry.substring(0, equals), credentialsId: rest[0], webhookUrl: rest.length > 1 ? rest[1] : null])
            }
        }
        return sites
    }

    @NonCPS
    static List named(List sites, Object host) {
        return sites.findAll { it.host == host.toString() }
    }

    @NonCPS
    static String hosts(List sites) {
        return sites.collect { it.host }.join(', ')
    }

    @NonCPS
    static void require(Map parameters, List allowed, List required) {
        for (Object name : parameters.keySet()) {
            if (!(name in allowed)) {
                throw new ConfigurationProblem("there is no parameter '${name}'; the parameters are ${allowed.join(', ')}.")
            }
        }
        for (Object name : required) {
            if (!parameters[name]?.toString()?.trim()) {
                throw new ConfigurationProblem("the parameter ${name} is missing or empty.")
            }
        }
    }

    /** A state of Jira, or a result of Jenkins translated to one. */
    @NonCPS
    static String toState(Object given, List allowed, String unstable) {
        Map results = [SUCCESS: 'successful', FAILURE: 'failed', ABORTED: 'cancelled', UNSTABLE: unstable, NOT_BUILT: 'unknown']
        String state = results[given.toString()] ?: given.toString()
        if (!(state in allowed)) {
            throw new ConfigurationProblem("state '${state}' is not one of ${allowed.join(', ')}.")
        }
        return state
    }

    /** A list of texts from a list, or from one text separated by commas or white space. */
    @NonCPS
    static List words(Object value) {
        if (value == null) {
            return []
        }
        Collection items = value instanceof Collection ? value : value.toString().split('[,\\s]+').toList()
        return items.collect { it.toString().trim() }.findAll { it }
    }

    @NonCPS
    static Map emptyResult(String state) {
        return [ok: true, state: state, problem: null, keys: [], accepted: [], rejected: [], unknown: [], sites: [:]]
    }

    @NonCPS
    static void add(Map result, String host, Map answer) {
        Map report = answer.report
        Map site = [ok: answer.exitCode == OnbehalfCommand.OK, exitCode: answer.exitCode]
        for (String list : ['keys', 'accepted', 'rejected', 'unknown']) {
            site[list] = report[list] ?: []
            result[list] = (result[list] + site[list]).unique()
        }
        site.message = "Jira ${host}: ${summary(site, answer)}".toString()
        result.sites[host] = site
        if (!site.ok) {
            result.ok = false
            result.problem = result.problem ? result.problem + ' ' + site.message : site.message
        }
    }

    @NonCPS
    static String summary(Map site, Map answer) {
        if (!answer.report) {
            return reason(answer)
        }
        List parts = ["keys found: ${site.keys ? site.keys.join(', ') : 'none'}", "accepted: ${site.accepted.size()}"]
        if (site.rejected) {
            parts.add("rejected: ${site.rejected.join('; ')}")
        }
        if (site.unknown) {
            parts.add("unknown to Jira: ${site.unknown.join(', ')}")
        }
        if (answer.report.message) {
            parts.add(answer.report.message)
        }
        return parts.join('; ')
    }

    @NonCPS
    static String reason(Map answer) {
        if (answer.report?.message) {
            return answer.report.message
        }
        if (answer.exitCode == 127 || answer.exitCode == 9009) {
            return 'the command onbehalf was not found on the agent; install it there or set ONBEHALF_JAR to its jar.'
        }
        return "the command ended with exit code ${answer.exitCode}; its output is above."
    }

    @NonCPS
    static String verdict(Map report) {
        String end = report.issues ? ": ${report.issues.join(', ')}." : '.'
        return report.gatingStatus == 'expired' ? "was not decided in Jira before its gate expired${end}" : "was prevented in Jira${end}"
    }

    @NonCPS
    static boolean interrupted(Throwable e) {
        return e.getClass().simpleName == 'FlowInterruptedException'
    }

    static class ConfigurationProblem extends IllegalArgumentException {
        private static final long serialVersionUID = 1L

        ConfigurationProblem(Object message) {
            super(message.toString())
        }
    }
}
