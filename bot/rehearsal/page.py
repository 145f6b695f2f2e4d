"""The HTTP API of the rehearsal page, and the page's files.

Loopback and same-origin only: a request whose `Host` is not the page's own address, or whose `Origin` is another,
gets 403. There is no CORS. Bodies and answers are JSON in UTF-8. A mistake in a request is answered 400 or 404 with
`{"error": "one plain sentence"}`. OID is a person's Entra object id.

GET  /api/people -> {"bot": {"name"}, "team": {"id", "name"}, "channel": {"id", "name"}, "tenant_id",
        "people": [{"object_id", "teams_id", "name", "first", "job",
                    "part": "staff|approver|owner|operator|bystander|guest",
                    "installed": bool, "blocked": bool, "in_channel": bool}]}

GET  /api/view?person=OID -> what that person's Teams shows now:
        {"version": int, "now": "2026-11-23T09:00:00+00:00", "person": {as above},
         "conversations": [CONVERSATION]}           personal chat first (if there ever was one), then the channel
     CONVERSATION {"id", "kind": "personal|channel", "name", "installed": bool, "typing": bool,
                   "activities": [ACTIVITY]}        oldest first
     ACTIVITY {"id", "conversation",                give both ids back in press, refresh and thumb
               "thread": id of the channel post it answers, or null (a post of its own, or a personal chat),
               "from": {"kind": "bot|person|system", "name", "object_id" or null}, "mine": bool,
               "time": ISO 8601, "edited": bool, "deleted": bool (then text "" and no cards),
               "text", "text_format": "markdown|plain|xml", "summary" or null,
               "cards": [Adaptive Card JSON, this person's own view of it],
               "view": "base|own"                   own: the cards are this person's, got by refresh or by pressing
               "refresh_due": bool                  the card's refresh names this person: call /api/refresh once
               "refresh_action": the Action.Execute of the card's refresh, or null
               "attachments": [{"content_type", "name", "url"}]    anything that is not a card
               "citations": [{"position", "name", "abstract", "url" or null, "text" or null}],   [1] in the text
               "ai_label": bool,
               "suggested_actions": [{"type", "title", "value"}],  only on the newest activity of the conversation
               "feedback": null (no thumbs) or {"mine": null | "like" | "dislike", "text": ""},
               "reactions": [{"type", "by": [names]}]}

GET  /api/events -> text/event-stream; `data: {"version": int}` at once and whenever anything changed.

POST /api/say      {"person", "text", "where": "personal|channel", "thread": id or null, "mention": bool = true,
                    "value": object or null, "attachments": [] }       -> RESULT plus "activity": its id
POST /api/press    {"person", "conversation", "activity", "action": the pressed action's JSON (its data included),
                    "inputs": {id: text}}           -> RESULT
        Action.Execute is sent as an invoke; Action.Submit as a message with a value, or as its
        data.msteams type says (imBack, messageBack); Action.OpenUrl and the other client-side actions are not sent.
POST /api/refresh  {"person", "conversation", "activity"}              -> RESULT (an automatic refresh of the card)
POST /api/thumb    {"person", "conversation", "activity", "reaction": "like|dislike", "text": ""}  -> RESULT
POST /api/react    {"person", "conversation", "activity", "type": "like|heart|...", "on": bool}    -> RESULT
POST /api/edit     {"person", "conversation", "activity", "text"}      -> RESULT (one's own message)
POST /api/delete   {"person", "conversation", "activity"}              -> RESULT (one's own message)
POST /api/install  {"person"}   POST /api/uninstall {"person"}         -> RESULT
POST /api/block    {"person", "on": bool}                              -> RESULT
     RESULT {"ok": bool, "kind": "none|card|message|error|unreachable|held", "text": what Teams would show, or ""}
        none: nothing to show. card: the card was replaced. message, error: the bot's words, to show under the card.
        unreachable: the text is "Unable to reach app. Please try again." held: a fault keeps the activity back.

GET  /api/gallery -> {"cards": [{"name": "request-form", "card": Adaptive Card JSON or null, "error": "" or why}]}

GET  /api/faults -> {"kinds": [{"kind", "what": one sentence, "takes": [names of the fields it reads]}],
                     "faults": [{"id", "kind", "times" or null, "chance", "status" or null, "retry_after" or null,
                                 "seconds", "on"}], "limits": bool, "struck": int}
POST /api/faults   {"add": {"kind", "times"?, "chance"?, "status"?, "retry_after"?, "seconds"?, "on"?}} or
                   {"remove": id} or {"clear": true} or {"limits": bool}          -> as GET
GET  /api/clock  -> {"now": ISO 8601, "offset_seconds": number}
POST /api/clock    {"advance_seconds": number} or {"reset": true}      -> as GET

GET  /                 page/index.html        GET /page/NAME      page/NAME
GET  /vendor/adaptivecards/...   /vendor/markdown-it/...          the npm packages' files, from node_modules
     (e.g. /vendor/adaptivecards/dist/adaptivecards.min.js, /vendor/markdown-it/dist/markdown-it.min.js)
"""
