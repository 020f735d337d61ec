/**
 * Passes builds and deployments on to Jira for agents that hold no Jira credential, and makes them
 * from what CI servers announce.
 */
@NullMarked
package dev.onbehalf.server.relay;

import org.jspecify.annotations.NullMarked;
