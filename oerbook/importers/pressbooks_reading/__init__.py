"""Reading of exports of Pressbooks (WXR): posts, facts of the book, shortcodes."""
