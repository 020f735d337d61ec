/** The OAuth 1.0a client libraries people use, behind one small interface. */
@NullMarked
package dev.onbehalf.acceptance.clients;

import org.jspecify.annotations.NullMarked;
