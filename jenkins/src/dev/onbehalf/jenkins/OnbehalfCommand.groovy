package dev.onbehalf.jenkins

import com.cloudbees.groovy.cps.NonCPS
import groovy.json.JsonSlurperClassic

/**
 * Runs the Onbehalf command line on the agent. Every option name, exit code and environment variable of the
 * command line that the steps depend on is in this file.
 *
 * Nothing a build can influence reaches a shell: the shell line is constant, the arguments travel in a file,
 * secrets in the environment that `withCredentials` sets and masks.
 */
class OnbehalfCommand implements Serializable {
    private static final long serialVersionUID = 1L

    static final int OK = 0
    static final int NOT_FOUND = 5
    static final int AWAITING = 10
    static final int PREVENTED = 11

    final def script

    OnbehalfCommand(script) {
        this.script = script
    }

    /**
     * Runs one command against one site.
     *
     * @param words the command, for example ['jira', 'send-build']
     * @param options option name without dashes to value; a list repeats the option, true is a flag, null and empty are left out
     * @param site map of host, credentialsId and optionally webhookUrl
     * @return map of exitCode and report: see {@link #parse}; empty when the command printed no JSON
     */
    Map run(List words, Map options, Map site) {
        String directory = "${script.pwd(tmp: true)}/onbehalf-${UUID.randomUUID()}"
        try {
            String arguments = "${directory}/arguments"
            String output = "${directory}/output.json"
            script.writeFile(file: arguments, text: argumentFile(words, options), encoding: 'UTF-8')
            int exitCode = 0
            script.withCredentials(bindings(site)) {
                script.withEnv(environment(arguments, output, site)) {
                    exitCode = launch(words)
                }
            }
            String text = script.fileExists(output) ? script.readFile(file: output, encoding: 'UTF-8') : ''
            return [exitCode: exitCode, report: parse(text)]
        } finally {
            script.dir(directory) {
                script.deleteDir()
            }
        }
    }

    int launch(List words) {
        String label = "onbehalf ${words.join(' ')}"
        boolean jar = script.env.ONBEHALF_JAR
        if (script.isUnix()) {
            return script.sh(label: label, returnStatus: true, script: jar
                ? 'set +x; "$ONBEHALF_JAVA" -Dfile.encoding=UTF-8 -Dstdout.encoding=UTF-8 -jar "$ONBEHALF_JAR" "@$ONBEHALF_ARGUMENTS" >"$ONBEHALF_OUTPUT"'
                : 'set +x; onbehalf "@$ONBEHALF_ARGUMENTS" >"$ONBEHALF_OUTPUT"')
        }
        return script.bat(label: label, returnStatus: true, script: jar
            ? '@"%ONBEHALF_JAVA%" -Dfile.encoding=UTF-8 -Dstdout.encoding=UTF-8 -jar "%ONBEHALF_JAR%" "@%ONBEHALF_ARGUMENTS%" >"%ONBEHALF_OUTPUT%"'
            : '@call onbehalf "@%ONBEHALF_ARGUMENTS%" >"%ONBEHALF_OUTPUT%"')
    }

    List bindings(Map site) {
        if (site.webhookUrl) {
            return [script.string(credentialsId: site.credentialsId, variable: 'ONBEHALF_JIRA_WEBHOOK_SECRET')]
        }
        return [script.usernamePassword(credentialsId: site.credentialsId,
            usernameVariable: 'ONBEHALF_JIRA_CLIENT_ID', passwordVariable: 'ONBEHALF_JIRA_CLIENT_SECRET')]
    }

    List environment(String arguments, String output, Map site) {
        List variables = ["ONBEHALF_ARGUMENTS=${arguments}".toString(), "ONBEHALF_OUTPUT=${output}".toString(),
            "ONBEHALF_JIRA_SITE=${site.host}".toString(), "ONBEHALF_JAVA=${script.env.ONBEHALF_JAVA ?: 'java'}".toString()]
        if (site.webhookUrl) {
            variables.add("ONBEHALF_JIRA_WEBHOOK_URL=${site.webhookUrl}".toString())
        }
        return variables
    }

    /** One quoted argument a line, in the syntax of picocli's argument files. */
    @NonCPS
    static String argumentFile(List words, Map options) {
        List arguments = new ArrayList(words)
        for (Map.Entry option : options.entrySet()) {
            for (Object value : (option.value instanceof Collection ? option.value : [option.value])) {
                if (value == true) {
                    arguments.add("--${option.key}".toString())
                } else if (value != null && value != false && value.toString()) {
                    arguments.add("--${option.key}=${value}".toString())
                }
            }
        }
        StringBuilder text = new StringBuilder()
        for (Object argument : arguments) {
            text.append('"').append(argument.toString().replace('\\', '\\\\').replace('"', '\\"')
                .replace('\r', '\\r').replace('\n', '\\n')).append('"\n')
        }
        return text.toString()
    }

    /**
     * What the steps need of the JSON a command prints: of a report keys, accepted, rejected, unknown and message,
     * of a gate gatingStatus and issues.
     */
    @NonCPS
    static Map parse(String text) {
        if (!text?.trim()) {
            return [:]
        }
        Object printed
        try {
            printed = new JsonSlurperClassic().parseText(text)
        } catch (IllegalArgumentException e) {
            return [:]
        }
        if (!(printed instanceof Map)) {
            return [:]
        }
        if (printed.gatingStatus) {
            return [gatingStatus: printed.gatingStatus, issues: printed.issues ?: []]
        }
        Map report = [keys: printed.issueKeys ?: [], accepted: [], rejected: [], unknown: [], message: null]
        List messages = []
        for (Map site : printed.sites) {
            report.accepted.addAll(site.accepted)
            report.unknown.addAll(site.unknownIssueKeys + site.unknownAssociations)
            for (Map rejection : site.rejected) {
                report.rejected.add("${rejection.report}: ${rejection.reasons.join('; ')}".toString())
            }
            if (site.problem) {
                messages.add(fate(site.outcome) + site.problem.message)
            }
        }
        report.message = messages ? messages.join(' ') : null
        return report
    }

    @NonCPS
    static String fate(Object outcome) {
        Map fates = [spooled: 'kept to be sent later: ', not_sent: 'neither sent nor kept: ']
        return fates[outcome] ?: ''
    }
}
