/** Our own pages and small endpoints, free of the HTTP server they run in. */
@NullMarked
package dev.onbehalf.server.web;

import org.jspecify.annotations.NullMarked;
