/** What gateway, provider and policy say to one another about a request. */
@NullMarked
package dev.onbehalf.server.access;

import org.jspecify.annotations.NullMarked;
