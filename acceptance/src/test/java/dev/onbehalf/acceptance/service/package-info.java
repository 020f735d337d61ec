/** Onbehalf's executable jar as its users run it, in front of real applications. */
@NullMarked
package dev.onbehalf.acceptance.service;

import org.jspecify.annotations.NullMarked;
