package dev.regatta.doctor;

import java.util.List;

/** What was found before anything else could be looked at. */
record Ready(String id, List<Finding> findings) implements Check {}
