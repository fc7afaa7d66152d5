from modeltranslation.translator import TranslationOptions, translator

from amphitheatre.web.programme.models import Case, Course, Phase, Room, Session, Step, Technique

for model in (Course, Room, Technique, Phase, Step, Session, Case):
    options = type(f"{model.__name__}Texts", (TranslationOptions,), {"fields": model.texts})
    translator.register(model, options)
