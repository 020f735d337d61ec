/** What is kept: the database, its migrations, sealing, nonces and the purge job. */
@NullMarked
package dev.onbehalf.server.store;

import org.jspecify.annotations.NullMarked;
