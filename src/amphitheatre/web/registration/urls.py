"""Addresses of courses and of a person's own page."""

from django.urls import path

from amphitheatre.web.registration.views import course, doctors, kept, lists, own, ready, session, suits

urlpatterns = [
    path("courses/", course.course_list, name="course-list"),
    path("courses/service-worker.js", kept.worker, name="service-worker"),
    path("courses/<slug:slug>/", course.course_page, name="course"),
    path("courses/<slug:slug>/programme.ics", course.course_calendar, name="course-calendar"),
    path("courses/<slug:slug>/copy/", kept.copy, name="course-copy"),
    path("courses/<slug:slug>/programme.pdf", course.course_pdf, name="course-pdf"),
    path("courses/<slug:slug>/apply/", course.apply, name="course-apply"),
    path("courses/<slug:slug>/doctors/", doctors.doctors, name="course-doctors"),
    path("courses/<slug:slug>/doctors/<int:key>/", doctors.decide, name="course-decide"),
    path("courses/<slug:slug>/doctors/add/", lists.add, name="course-doctor-new"),
    path("courses/<slug:slug>/doctors/doctors.csv", doctors.doctors_csv, name="course-doctors-csv"),
    path("courses/<slug:slug>/doctors/list/", lists.upload, name="course-upload-new"),
    path("courses/<slug:slug>/doctors/list/<int:key>/", lists.uploaded, name="course-upload"),
    path("courses/<slug:slug>/sessions/<int:key>/", session.session_page, name="session"),
    path(
        "courses/<slug:slug>/sessions/<int:key>/materials/", session.bring_material, name="session-materials"
    ),
    path("courses/<slug:slug>/materials/<int:key>/", session.material, name="material"),
    path("courses/<slug:slug>/materials/<int:key>/remove/", session.remove_material, name="material-remove"),
    path("courses/<slug:slug>/sessions/<int:key>/suits/", suits.suits, name="session-suits"),
    path(
        "courses/<slug:slug>/sessions/<int:key>/session.ics", course.session_calendar, name="session-calendar"
    ),
    path("courses/<slug:slug>/ready/", ready.ready, name="course-ready"),
    path("me/", own.own_page, name="own-page"),
    path("me/<int:key>/", own.answer, name="own-answer"),
    path("me/calendar/", own.new_calendar_address, name="new-calendar-address"),
    path("calendars/<uuid:key>.ics", own.own_calendar, name="own-calendar"),
]
