"""Forms in the look: ``{{ form }}`` and ``{{ form.reason.as_field_group }}`` draw labels, hints and errors."""

from django.forms.renderers import TemplatesSetting


class Renderer(TemplatesSetting):
    form_template_name = "web/parts/form.html"
    field_template_name = "web/parts/field.html"
