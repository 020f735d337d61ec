/** Calling linked applications as a person ({@code docs/peer-facts.md} 1.14). */
@NullMarked
package dev.onbehalf.applinks;

import org.jspecify.annotations.NullMarked;
