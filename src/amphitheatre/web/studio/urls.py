"""Addresses of rooms; media uses the same prefix on its own port."""

from django.urls import path

from amphitheatre.web.studio.views import events, grant, recordings, rooms, technician

urlpatterns = [
    path("", rooms.room_list, name="room-list"),
    path("media-events/", events.media_events, name="media-events"),
    path("rooms/<slug:room>/", rooms.watch, name="room-watch"),
    path("rooms/<slug:room>/replay/", rooms.replay, name="room-replay"),
    path("rooms/<slug:room>/present/", rooms.present, name="room-present"),
    path("rooms/<slug:room>/technician/", technician.technician, name="room-technician"),
    path("rooms/<slug:room>/technician/key/", technician.change_key, name="room-change-key"),
    path("rooms/<slug:room>/technician/pull/<slug:view>/", technician.change_pull, name="room-change-pull"),
    path("rooms/<slug:room>/end/", recordings.end, name="room-end"),
    path("rooms/<slug:room>/recordings/", recordings.recordings, name="room-recordings"),
    path("rooms/<slug:room>/recordings/list/", recordings.recording_list, name="room-recording-list"),
    path("rooms/<slug:room>/recordings/retention/", recordings.retention, name="room-retention"),
    path("rooms/<slug:room>/recordings/<slug:take>/export/", recordings.export, name="recording-export"),
    path("rooms/<slug:room>/recordings/<slug:take>/delete/", recordings.delete, name="recording-delete"),
    path("rooms/<slug:room>/grant", grant.renew, name="room-grant"),
]
