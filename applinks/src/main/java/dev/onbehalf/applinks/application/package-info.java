/** The kinds of linked applications. */
@NullMarked
package dev.onbehalf.applinks.application;

import org.jspecify.annotations.NullMarked;
