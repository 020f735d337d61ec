/** The audit trail: one event per decision. */
@NullMarked
package dev.onbehalf.server.audit;

import org.jspecify.annotations.NullMarked;
