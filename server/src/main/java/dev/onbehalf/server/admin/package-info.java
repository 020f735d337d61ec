/** Administration: the REST API on its own listener that the commands speak to. */
@NullMarked
package dev.onbehalf.server.admin;

import org.jspecify.annotations.NullMarked;
