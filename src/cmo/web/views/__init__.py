"""Views: permission, form, one call, a context, a template."""
