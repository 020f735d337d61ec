/** The OAuth 1.0a service provider: consumers, tokens, consent and the check of signed requests. */
@NullMarked
package dev.onbehalf.server.provider;

import org.jspecify.annotations.NullMarked;
