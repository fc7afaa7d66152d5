from modeltranslation.translator import TranslationOptions, register

from amphitheatre.web.alliance.models import Institution


@register(Institution)
class InstitutionTexts(TranslationOptions):
    fields = Institution.texts
