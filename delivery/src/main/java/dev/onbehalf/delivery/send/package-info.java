/** Brings reports to Jira, an Onbehalf server or a relay, and keeps what could not be sent. */
@NullMarked
package dev.onbehalf.delivery.send;

import org.jspecify.annotations.NullMarked;
