"""The portal's pages: readable without JavaScript, on a phone, right to left."""
