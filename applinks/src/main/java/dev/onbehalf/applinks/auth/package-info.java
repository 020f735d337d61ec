/** The ways a request to a linked application is authenticated, as class tokens. */
@NullMarked
package dev.onbehalf.applinks.auth;

import org.jspecify.annotations.NullMarked;
