from django.urls import path

from amphitheatre.web.alliance import views

urlpatterns = [path("alliance/", views.alliance, name="alliance")]
