#ifndef WEB_HANDLERS_H
#define WEB_HANDLERS_H

#include "web/app.h"

/* h_sign.c */
handler start_page, sign_in_page, sign_in, sign_out, language_set, account_page,
    password_change, once_page, once_set, about_page;
/* h_token.c */
handler tokens_page, token_make, token_end_it;
/* h_list.c */
handler record_list;
/* h_record.c */
handler record_new, record_create, record_page, record_step;
/* h_board.c */
handler report_page, report_send, receipt_ask, receipt_enter, receipt_page,
    receipt_step, receipt_picture, record_paper;
handler device_page, pin_change, device_enrol, device_end_it, pin_open;
handler privacy_page, causes_page, paper_check, round_page, round_send,
    together_page, together_send;
handler board_page, board_picture, news_seen, setup_page, posters_page,
    overview_page, rules_page;
/* h_file.c */
handler file_show, file_picture, file_add;
/* h_log.c */
handler log_page, log_checkpoint, log_tile, record_proof;
/* h_api.c */
handler api_list, api_get, api_create, api_step, api_history, api_openapi,
    api_me, api_bulk_create, api_bulk_step, api_figures, api_overview, api_page,
    api_events;
/* h_office.c */
handler office_page, counted_page, brief_pdf, blank_page, blank_choose,
    blank_fill, blank_filled;
/* h_static.c */
handler asset_show, favicon, health, ready, metrics, robots;
/* h_import.c */
handler import_page, import_upload, import_show, import_run_now, import_cancel;
/* exports.c */
handler export_page, export_file, export_stop;
/* h_export.c */
handler list_csv, list_xlsx, list_pdf;
/* h_messages.c */
handler messages_page, channel_new, channel_edit, channel_put, messages_test,
    messages_again;
/* messages.c */
handler account_messages, stop_page, stop_set;
/* chat.c */
handler record_picture, list_picture;
/* boards and figures as pictures, beside their pages */
handler overview_picture, causes_picture, compliance_picture, risks_picture,
    programme_board_picture, office_picture, counted_picture;
/* h_parts.c, h_inspect.c, h_programme.c, h_compliance.c */
handler parts_page, parts_change, inspect_page, inspect_send, programme_board,
    compliance_page, library_page, library_upload, library_one, items_csv,
    items_xlsx;
/* h_risk.c */
handler risks_page, plan_page;
/* h_people.c */
handler person_link;
handler mention_page, mention_take_out, api_mentions, api_erase_words;

#endif
