"""Every address of the product."""

from django.contrib.auth import views as auth
from django.contrib.auth.decorators import login_not_required
from django.urls import URLPattern, URLResolver, include, path

from review.views import (
    answers,
    bulk,
    case,
    handover,
    health,
    letters,
    links,
    mails,
    preview,
    quarantine,
    queue,
    rejection,
    replies,
    theme,
)
from staff.access import needs
from staff.roles import Ability

urlpatterns: list[URLPattern | URLResolver] = [
    path("", queue.queue, name="queue"),
    path("approve", bulk.approve_marked, name="bulk-approve"),
    path("queue/", include("review.queue_urls")),
    path("registrations/<int:pk>", case.case, name="case"),
    path("registrations/<int:pk>/save", case.save, name="case-save"),
    path("registrations/<int:pk>/reject", rejection.refuse, name="case-reject"),
    path("registrations/<int:pk>/undo", answers.undo, name="case-undo"),
    path("registrations/<int:pk>/choose", answers.choose, name="case-choose"),
    path("registrations/<int:pk>/clerk", case.name_clerk, name="case-clerk"),
    path("registrations/<int:pk>/ask", letters.ask, name="case-ask"),
    path("registrations/<int:pk>/decide/<slug:verb>", case.decide, name="decide"),
    path("mails/<int:pk>", mails.mail, name="mail"),
    path("mails/<int:pk>/html", mails.html, name="mail-html"),
    path("mails/<int:pk>/raw", mails.raw, name="mail-raw"),
    path("mails/<int:pk>/attachments/<int:number>", mails.attachment, name="mail-attachment"),
    path("mails/<int:pk>/finish", mails.finish, name="mail-finish"),
    path("mails/<int:pk>/reopen", mails.reopen, name="mail-reopen"),
    path("mails/<int:pk>/retry", quarantine.retry, name="mail-retry"),
    path("mails/retry", quarantine.retry_all, name="mails-retry"),
    path("mails/<int:pk>/hand-over", quarantine.hand_over, name="mail-hand-over"),
    path("mails/<int:pk>/link", links.link, name="mail-link"),
    path("mails/<int:pk>/unlink", links.unlink, name="mail-unlink"),
    path("mails/<int:pk>/register", mails.register, name="mail-register"),
    path("mails/<int:pk>/write", mails.write, name="mail-write"),
    path("replies/<int:pk>", replies.reply, name="reply"),
    path("replies/<int:pk>/edit", replies.edit, name="reply-edit"),
    path("replies/release", replies.release, name="replies-release"),
    path("replies/switch", replies.switch, name="replies-switch"),
    path("replies/<int:pk>/settle/<slug:verb>", replies.settle, name="reply-settle"),
    path("folders/<int:pk>/release", replies.release_held_folder, name="folder-release"),
    path("handover", handover.choose, name="handover"),
    path("handover/make", handover.make, name="handover-make"),
    path("handover/<int:pk>", handover.show, name="handover-file"),
    path("handover/<int:pk>/download", handover.download, name="handover-download"),
    path("handover/<int:pk>/mark", handover.mark, name="handover-mark"),
    path("letters", preview.preview, name="preview"),
    path("letters/html", preview.html, name="preview-html"),
    path("overview/", include("review.overview.urls")),
    path("privacy/", include("review.privacy.urls")),
    path("theme", theme.choose_theme, name="theme"),
    path("login", auth.LoginView.as_view(template_name="review/login.html"), name="login"),
    path("logout", login_not_required(auth.LogoutView.as_view()), name="logout"),
    path(
        "password",
        needs(Ability.ENTER)(
            auth.PasswordChangeView.as_view(
                template_name="review/password.html", success_url="/", extra_context={"page": "password"}
            )
        ),
        name="password",
    ),
    path("health", health.ready, name="health"),
    path("health/live", health.live, name="health-live"),
    path("health/ready", health.ready, name="health-ready"),
    path("metrics", health.metrics, name="metrics"),
]
