/** Calling linked applications as a person (spec {@code applinks-oauth.md} section 10). */
@NullMarked
package dev.onbehalf.applinks;

import org.jspecify.annotations.NullMarked;
