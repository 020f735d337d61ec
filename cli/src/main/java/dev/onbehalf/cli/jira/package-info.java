/** The commands that report builds, deployments and links to Jira from any CI. */
@NullMarked
package dev.onbehalf.cli.jira;

import org.jspecify.annotations.NullMarked;
