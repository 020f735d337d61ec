/**
 * A Jira of one's own behind an application link: which issues it has, and the links it shows on
 * them to what was received.
 */
@NullMarked
package dev.onbehalf.server.jira;

import org.jspecify.annotations.NullMarked;
