/**
 * Receives builds, deployments and what belongs to them over the wire API of Jira Cloud, from
 * credentials that can do nothing else, and shows them to people.
 */
@NullMarked
package dev.onbehalf.server.receive;

import org.jspecify.annotations.NullMarked;
