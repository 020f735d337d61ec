/** Turns what CI servers announce of their own accord into reports, by an administrator's rules. */
@NullMarked
package dev.onbehalf.delivery.rules;

import org.jspecify.annotations.NullMarked;
