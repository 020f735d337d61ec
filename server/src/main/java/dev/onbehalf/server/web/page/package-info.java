/** What each page shows, as values; the templates beside them turn them into HTML. */
@NullMarked
package dev.onbehalf.server.web.page;

import org.jspecify.annotations.NullMarked;
