libtext2code_a_SOURCES += \
	%D%/body.c \
	%D%/cookies.c %D%/cookies.h \
	%D%/csrf.c %D%/csrf.h \
	%D%/dispatch.c %D%/dispatch.h \
	%D%/fcgi.c %D%/fcgi.h \
	%D%/form.c %D%/form.h \
	%D%/header.c %D%/header.h \
	%D%/html.c %D%/html_private.h \
	%D%/multipart.c \
	%D%/page.c %D%/page.h \
	%D%/parts.h \
	%D%/query.c \
	%D%/reply.c %D%/reply.h \
	%D%/req.h \
	%D%/route.c %D%/route.h \
	%D%/target.c \
	%D%/url.c %D%/url.h \
	%D%/view.c %D%/view.h \
	%D%/view_source.c %D%/view_source.h \
	%D%/worker_slot.h \
	%D%/pages/pages.h \
	%D%/api/api.c %D%/api/api.h \
	%D%/pages/account.c \
	%D%/pages/answer.c %D%/pages/answer.h \
	%D%/pages/code.c %D%/pages/code.h \
	%D%/pages/components.c %D%/pages/components.h \
	%D%/pages/connection_editor.c \
	%D%/pages/connection_form.h \
	%D%/pages/connections.c \
	%D%/pages/errors.c \
	%D%/pages/generation.c \
	%D%/pages/generations.c \
	%D%/pages/graph.c %D%/pages/graph.h \
	%D%/pages/health.c \
	%D%/pages/lineage.c %D%/pages/lineage_page.h \
	%D%/pages/lineage_graph.c \
	%D%/pages/proof.c \
	%D%/pages/proposal.c %D%/pages/proposal.h \
	%D%/pages/live.c \
	%D%/pages/login.c %D%/pages/login.h \
	%D%/pages/oauth.c \
	%D%/pages/mapping.c \
	%D%/pages/mapping_editor.c %D%/pages/mapping_editor.h \
	%D%/pages/mapping_new.c \
	%D%/pages/mapping_sheet.c %D%/pages/mapping_sheet.h \
	%D%/pages/pattern.c \
	%D%/pages/pattern_editor.c \
	%D%/pages/pattern_form.c %D%/pages/pattern_form.h \
	%D%/pages/pattern_offer.c %D%/pages/pattern_offer.h \
	%D%/pages/pattern_page.c %D%/pages/pattern_page.h \
	%D%/pages/patterns.c \
	%D%/pages/resend.c %D%/pages/resend.h
