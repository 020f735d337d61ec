/**
 * The server's numbers for Prometheus, and checks on a schedule of what it depends on: does a
 * report really arrive, does a link really work.
 */
@NullMarked
package dev.onbehalf.server.monitor;

import org.jspecify.annotations.NullMarked;
